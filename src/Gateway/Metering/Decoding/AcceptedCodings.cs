using System.Globalization;
using System.Text;
using OpenAIProxy.Usage.Decoding;

namespace OpenAIProxy.Gateway.Metering.Decoding;

/// <summary>Takes out of an Accept-Encoding what <see cref="BodyDecoder"/> can't read, so that no upstream sends it (RFC 9110 section 12.5.3).</summary>
internal static class AcceptedCodings
{
    private const string Wildcard = "*";

    private static readonly string[] Readable = ["gzip", "x-gzip", "deflate", "br", "zstd"];

    /// <summary>Restricts the header, if there is one. What names only readable codings stays as it is.</summary>
    public static void Restrict(IHeaderDictionary headers)
    {
        if (headers.AcceptEncoding is { Count: > 0 } accepted && accepted.ToString() is var text && !IsReadable(text))
        {
            headers.AcceptEncoding = Restrict(text);
        }
    }

    /// <summary>
    /// <c>gzip, dcb, *;q=0.1</c> becomes <c>gzip</c>. A wildcard becomes gzip, where that isn't named: who takes anything takes it. Who takes
    /// only what can't be read keeps what it takes, or it would get no answer; its call isn't metered.
    /// </summary>
    internal static string Restrict(string accepted)
    {
        var kept = new StringBuilder();
        var takesOne = false;
        var refusesPlain = false;
        foreach (var range in accepted.AsSpan().Split(','))
        {
            var element = accepted.AsSpan()[range].Trim();
            var name = Name(element);
            var isRefused = IsRefused(element);
            var isPlain = Is(name, "identity");
            if (name.IsEmpty || (!isRefused && !isPlain && !IsReadable(name) && (!Is(name, Wildcard) || Names(accepted, "gzip"))))
            {
                continue;
            }

            takesOne |= !isRefused;
            refusesPlain |= isRefused && (isPlain || Is(name, Wildcard));
            kept.Append(kept.Length == 0 ? "" : ", ");
            if (Is(name, Wildcard) && !isRefused)
            {
                kept.Append("gzip").Append(element[name.Length..]);
            }
            else
            {
                kept.Append(element);
            }
        }

        if (kept.Length == 0)
        {
            return "identity";
        }

        return takesOne || !refusesPlain ? kept.ToString() : accepted;
    }

    private static bool IsReadable(string accepted)
    {
        foreach (var range in accepted.AsSpan().Split(','))
        {
            var element = accepted.AsSpan()[range].Trim();
            var name = Name(element);
            if (!name.IsEmpty && !IsReadable(name) && !Is(name, "identity") && !IsRefused(element))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Names(string accepted, string coding)
    {
        foreach (var range in accepted.AsSpan().Split(','))
        {
            if (Is(Name(accepted.AsSpan()[range].Trim()), coding))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsReadable(ReadOnlySpan<char> name)
    {
        foreach (var coding in Readable)
        {
            if (Is(name, coding))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> element)
        => element.IndexOf(';') is >= 0 and var end ? element[..end].TrimEnd() : element;

    // gzip;q=0 · gzip ; Q=0.000
    private static bool IsRefused(ReadOnlySpan<char> element)
    {
        foreach (var range in element.Split(';'))
        {
            var parameter = element[range].Trim();
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(parameter[2..].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight == 0;
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> name, string coding) => name.Equals(coding, StringComparison.OrdinalIgnoreCase);
}
