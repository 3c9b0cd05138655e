using OpenAIProxy.Contracts;

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
        return new FieldError(field.Name, $"{(value is null ? "A value is needed" : $"{Shown(value)} can't be used")}; allowed: {field.About.Allowed}.");
    }

    private static string Shown(string value)
    {
        if (AccessKeys.LooksLikeKey(value))
        {
            return "A value that looks like a key";
        }

        return value.Length > LongestShown ? $"'{value[..LongestShown]}…'" : $"'{value}'";
    }
}
