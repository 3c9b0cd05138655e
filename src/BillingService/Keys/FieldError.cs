using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>What is wrong with one field of what was sent.</summary>
/// <param name="Name">Its name in the admin API: <c>limits.requests</c>.</param>
/// <param name="Message">What is wrong, for people. A secret in the wrong place is not repeated.</param>
internal sealed record FieldError(string Name, string Message)
{
    private const int LongestShown = 64;

    /// <summary>A value that is not among those allowed; null to show none.</summary>
    public static FieldError Of(KeyField field, string? value)
    {
        var about = AccessKeyFields.All.FirstOrDefault(a => a.Name == field.About.Name) ?? field.About;
        return new FieldError(field.Name, $"{(value is null ? "A value is needed" : $"{Shown(value)} can't be used")}; allowed: {about.Allowed}.");
    }

    private static string Shown(string value)
    {
        if (value.StartsWith(AccessKeys.Prefix, StringComparison.OrdinalIgnoreCase) || value.StartsWith("sk-", StringComparison.OrdinalIgnoreCase))
        {
            return "A value that begins as a key does";
        }

        return value.Length > LongestShown ? $"'{value[..LongestShown]}…'" : $"'{value}'";
    }
}
