namespace OpenAIProxy.Contracts;

/// <summary>The service tier that a call was answered in, in one word for each price.</summary>
public static class ServiceTier
{
    /// <summary>The standard tier.</summary>
    public const string Default = "default";

    /// <summary>Batches, answered within a day.</summary>
    public const string Batch = "batch";

    /// <summary>Slower and cheaper.</summary>
    public const string Flex = "flex";

    /// <summary>Faster; newer models call it <c>fast</c>, which is the same tier.</summary>
    public const string Priority = "priority";

    /// <summary>Fastest.</summary>
    public const string Ultrafast = "ultrafast";

    /// <summary>Capacity bought in advance: no price per token.</summary>
    public const string Scale = "scale";

    /// <summary>The standard tier in the background, to be completed within two hours.</summary>
    public const string Window2h = "2h";

    /// <summary>The standard tier in the background, to be completed within eight hours.</summary>
    public const string Window8h = "8h";

    /// <summary>
    /// The tier that <paramref name="answered"/>, the <c>service_tier</c> of an answer, stands for. None, <c>auto</c> and the empty
    /// word are <see cref="Default"/>, <c>fast</c> is <see cref="Priority"/>; a word that is not known stays itself.
    /// </summary>
    public static string Of(string? answered) => answered switch
    {
        null or "" or "auto" or "default" or "standard" => Default,
        "fast" or "priority" => Priority,
        _ => answered,
    };

    /// <summary>
    /// The tier of a background response: its completion window where that has a price of its own. Windows are defined against the standard
    /// tier only, so any other tier stays itself.
    /// </summary>
    /// <param name="tier">The tier that answered, as <see cref="Of"/> names it.</param>
    /// <param name="window">The <c>background_options.completion_window</c> asked for; null for none. <c>soonest</c> is the standard tier.</param>
    public static string InWindow(string tier, string? window) => window switch
    {
        Window2h when tier == Default => Window2h,
        Window8h when tier == Default => Window8h,
        _ => tier,
    };
}
