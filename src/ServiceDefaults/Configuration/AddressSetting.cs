using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>An absolute http or https address.</summary>
public sealed class AddressSetting(string name, string? @default, string allowed, string meaning) : Setting<Uri>(name, @default, allowed, meaning)
{
    internal override bool TryParse(string text, out Uri? value) => TryParse(text, out value, "http", "https");

    internal static bool TryParse(string text, [NotNullWhen(true)] out Uri? value, params ReadOnlySpan<string> schemes)
        => Uri.TryCreate(text, UriKind.Absolute, out value) && schemes.Contains(value.Scheme) && value.Host.Length > 0;
}
