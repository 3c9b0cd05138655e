using System.Globalization;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>The secret by which the services of one deployment know each other.</summary>
public static class InternalSettings
{
    private const int Shortest = 16;

    /// <summary>The settings of the section <c>Internal</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Internal:Token", "-", $"at least {Shortest.ToString(CultureInfo.InvariantCulture)} visible ASCII characters, the same for gateway and billing service",
            "The secret by which the billing service knows its gateways. The AppHost makes one.") { Secret = true },
    ];

    /// <summary>The token; null if it is not set. Errors go to <paramref name="reader"/>.</summary>
    public static string? Read(SettingsReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var token = reader.Text("Internal:Token");
        if (token is not null && (token.Length < Shortest || !VisibleAscii.IsAll(token)))
        {
            reader.Wrong("Internal:Token");
        }

        return token;
    }
}
