using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.ServiceDefaults.Errors;

/// <summary>The message of an error, for people: what is wrong and what to do. Without secrets.</summary>
/// <param name="English">In English, as the log has it.</param>
/// <param name="Chinese">In Simplified Chinese, for callers who prefer Chinese to English.</param>
public readonly record struct ErrorText(string English, string Chinese)
{
    /// <summary>True if <paramref name="request"/> prefers Chinese to English in Accept-Language (RFC 9110, 12.5.4): <c>zh-CN,zh;q=0.9,en;q=0.8</c>.</summary>
    public static bool PrefersChinese(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (chinese, english) = (0.0, 0.0);
        foreach (var language in request.Headers.AcceptLanguage.ToString().Split(','))
        {
            var parts = language.Split(';', StringSplitOptions.TrimEntries);
            var weight = parts is [_, { Length: > 2 } q, ..] && q.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(q.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var told) ? told : 1;
            if (Is(parts[0], "zh"))
            {
                chinese = Math.Max(chinese, weight);
            }
            else if (Is(parts[0], "en"))
            {
                english = Math.Max(english, weight);
            }
        }

        return chinese > english;
    }

    // zh, zh-CN, zh-Hans-CN; not zha.
    private static bool Is(string tag, string language)
        => tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');
}
