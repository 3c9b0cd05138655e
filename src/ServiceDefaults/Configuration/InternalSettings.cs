namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>What gateway and billing service must be told alike.</summary>
public static class InternalSettings
{
    /// <summary>The shortest secret that can't be guessed, in characters.</summary>
    public const int ShortestSecret = 16;

    /// <summary>The secret by which the services of one deployment know each other.</summary>
    public static TextSetting Token { get; } = new("Internal:Token",
        $"at least {ShortestSecret} visible ASCII characters, the same for gateway and billing service",
        "The secret by which the billing service knows its gateways. The AppHost makes one.", IsToken)
    { Secret = true };

    /// <summary>The setting <c>Billing:Timeout</c>, which means something else at each of the services.</summary>
    public static DurationSetting BillingTimeout(string meaning, bool isOfAnotherService)
        => new("Billing:Timeout", "60s", "100ms", "10m", meaning) { IsOfAnotherService = isOfAnotherService };

    /// <summary>True for a secret that can stand in a header.</summary>
    public static bool IsToken(string text) => text?.Length >= ShortestSecret && VisibleAscii.IsAll(text);
}
