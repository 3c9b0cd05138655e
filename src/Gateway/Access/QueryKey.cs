using System.Text;

namespace OpenAIProxy.Gateway.Access;

/// <summary>The key in a query, <c>?api-key=KEY</c>. It is never logged, and goes upstream only as the caller's own that was checked.</summary>
internal static class QueryKey
{
    private const string Name = "api-key";

    /// <summary>Finds the first that is not empty; empty if there is none.</summary>
    /// <param name="query">The query, with or without its question mark.</param>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> query)
    {
        query = query.TrimStart('?');
        while (!query.IsEmpty)
        {
            var end = query.IndexOfAny('&', ';');
            var pair = end < 0 ? query : query[..end];
            if (IsKey(pair, out var value) && !value.IsEmpty)
            {
                return value.Contains('%') ? Uri.UnescapeDataString(value) : value;
            }

            query = end < 0 ? default : query[(end + 1)..];
        }

        return default;
    }

    /// <summary>A target without any; the rest of it stays byte for byte, and is not copied where there is nothing to take out.</summary>
    /// <param name="target">A target, or a query with its question mark.</param>
    /// <param name="keepsFirst">True if the first that is not empty, the one that <see cref="Find"/> finds, stays.</param>
    public static ReadOnlySpan<char> Remove(ReadOnlySpan<char> target, bool keepsFirst)
    {
        var begin = target.IndexOf('?');
        if (begin < 0)
        {
            return target;
        }

        StringBuilder? result = null;
        var isFirst = keepsFirst;
        // Each pair with the separator in front of it.
        for (var start = begin; start < target.Length;)
        {
            var length = target[(start + 1)..].IndexOfAny('&', ';');
            var end = length < 0 ? target.Length : start + 1 + length;
            if (IsKey(target[(start + 1)..end], out var value) && !(isFirst && !value.IsEmpty))
            {
                result ??= new StringBuilder().Append(target[..start]);
            }
            else
            {
                isFirst &= value.IsEmpty;
                result?.Append(result.Length == begin ? '?' : target[start]).Append(target[(start + 1)..end]);
            }

            start = end;
        }

        return result is null ? target : result.ToString();
    }

    private static bool IsKey(ReadOnlySpan<char> pair, out ReadOnlySpan<char> value)
    {
        var equals = pair.IndexOf('=');
        var name = equals < 0 ? pair : pair[..equals];
        if (name.Contains('%'))
        {
            name = Uri.UnescapeDataString(name);
        }

        var isKey = name.Equals(Name, StringComparison.OrdinalIgnoreCase);
        value = isKey && equals >= 0 ? pair[(equals + 1)..] : default;
        return isKey;
    }
}
