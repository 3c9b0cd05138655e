using System.Buffers;
using System.Text.RegularExpressions;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>Takes keys out of a text: those of the settings whatever they look like, and all that looks like a key.</summary>
internal sealed partial class KeyMask
{
    /// <summary>Characters. The longest key that is recognized whole where a text is cut.</summary>
    public const int LongestKey = 512;

    /// <summary>What stands in the place of a key.</summary>
    private const string Mask = "***";

    /// <summary>Characters. A shorter one is no secret, and its letters stand in every other word.</summary>
    private const int ShortestSecret = 4;

    private volatile Known _known;

    /// <param name="secrets">The keys of the settings.</param>
    public KeyMask(IEnumerable<string> secrets) => _known = Known.Of(secrets);

    /// <summary>The keys of the settings are others now.</summary>
    public void Replace(IEnumerable<string> secrets) => _known = Known.Of(secrets);

    /// <summary>The text without keys.</summary>
    /// <param name="text">The text.</param>
    /// <param name="own">One more key; null for none.</param>
    public string Apply(string text, string? own)
    {
        if (own is not null && IsLongEnough(own))
        {
            foreach (var spelling in SecretSpellings.In(text, own))
            {
                text = text.Replace(spelling, Mask, StringComparison.Ordinal);
            }
        }

        var known = _known;
        while (known.Secrets.Length > 0 && text.AsSpan().IndexOfAny(known.Any) is >= 0 and var at)
        {
            var secret = Array.Find(known.Secrets, s => text.AsSpan(at).StartsWith(s, StringComparison.Ordinal))!;
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return LikeKey().Replace(text, Mask);
    }

    /// <summary>Where to cut a text, so that no half of a key stays in front of the cut.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where it is to be cut, at the latest.</param>
    /// <param name="own">One more key; null for none.</param>
    public int CutBefore(string text, int at, string? own)
    {
        var start = Math.Max(0, at - LongestKey);
        var end = Math.Min(text.Length, at + LongestKey);
        var around = text[start..end];
        var cut = at - start;
        var secrets = _known.Secrets;
        foreach (var key in own is null ? secrets : secrets.Concat(SecretSpellings.In(around, own)))
        {
            var found = around.IndexOf(key, StringComparison.Ordinal);
            while (found >= 0 && found < cut)
            {
                cut = found + key.Length > cut ? found : cut;
                found = around.IndexOf(key, found + 1, StringComparison.Ordinal);
            }
        }

        foreach (var match in LikeKey().EnumerateMatches(around))
        {
            cut = match.Index < cut && match.Index + match.Length > cut ? match.Index : cut;
        }

        return start + cut;
    }

    private static bool IsLongEnough(string secret) => secret.Length >= ShortestSecret;

    // sk-proj-…, sk-admin-…, sess-…, our own fk-…, realtime's ek_…; also as OpenAI quotes one in its 401: sk-proj-****wxyz.
    // It begins a word; the letter in front of it may be the end of an escape in a text that is not parsed: \nsk-…, \u003csk-…, %22sk-….
    [GeneratedRegex(
        @"(?<!(?<!\\|\\u[0-9A-Fa-f]{3}|%[0-9A-Fa-f])[A-Za-z0-9])(?:(?:sk|fk|sess)-|ek_)[A-Za-z0-9_*-]{8,}"
        + @"|(?<=(?<!(?<!\\|\\u[0-9A-Fa-f]{3}|%[0-9A-Fa-f])[A-Za-z0-9])(?i:Bearer) )(?:[A-Za-z0-9._~+/=-]|\\+(?:/|u002[BbFf]|u003[Dd])){16,}")]
    private static partial Regex LikeKey();

    private sealed record Known(string[] Secrets, SearchValues<string> Any)
    {
        public static Known Of(IEnumerable<string> secrets)
        {
            string[] all = [.. secrets.Where(IsLongEnough).SelectMany(SecretSpellings.Of).Distinct().OrderByDescending(secret => secret.Length)];
            return new Known(all, SearchValues.Create(all, StringComparison.Ordinal));
        }
    }
}
