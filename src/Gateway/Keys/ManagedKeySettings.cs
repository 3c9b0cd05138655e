namespace OpenAIProxy.Gateway.Keys;

/// <summary>How the gateway gets the access keys that the billing service keeps.</summary>
/// <param name="IsOn">True if it does.</param>
/// <param name="File">Where the last ones are kept, for a start without the billing service.</param>
public sealed record ManagedKeySettings(bool IsOn, string File)
{
    private const string FileName = "access-keys";

    /// <param name="isOn">True if managed keys are on.</param>
    /// <param name="journal">The journal's folder.</param>
    internal static ManagedKeySettings Of(bool isOn, string journal) => new(isOn, Path.Combine(journal, FileName));
}
