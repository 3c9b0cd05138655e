using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>What the notations of limits and budgets have in common: several in one text, each with <c>shadow</c> behind it or not.</summary>
internal static class LimitText
{
    private const string Shadow = "shadow";

    private static readonly char[] Between = [';', ',', '\n'];

    /// <summary>Reads each of several. False if one is none.</summary>
    public static bool TryParseEach<T>(string text, TryParse<T> parse, [NotNullWhen(true)] out IReadOnlyList<T>? all)
    {
        var list = new List<T>();
        all = null;
        foreach (var part in text.Split(Between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var isShadow = part.EndsWith(" " + Shadow, StringComparison.OrdinalIgnoreCase);
            if (!parse(isShadow ? part[..^Shadow.Length].TrimEnd() : part, isShadow, out var one))
            {
                return false;
            }

            list.Add(one);
        }

        all = list;
        return true;
    }

    /// <summary>Cuts <c>60/minute</c> and <c>60 per minute</c> in two. False if it is neither.</summary>
    public static bool TryCut(string text, out string amount, out string period)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var at = slash < 0 ? text.IndexOf(" per ", StringComparison.OrdinalIgnoreCase) : slash;
        amount = at < 0 ? "" : text[..at].TrimEnd();
        period = at < 0 ? "" : text[(at + (slash < 0 ? " per ".Length : 1))..].Trim().ToLowerInvariant();
        return at > 0;
    }

    /// <summary>Reads one.</summary>
    public delegate bool TryParse<T>(string text, bool isShadow, out T value);
}
