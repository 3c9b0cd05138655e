using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>How a secret may stand in a text that is itself the source of JSON: a body that is not parsed, or a JSON text within a JSON text.</summary>
internal static partial class SecretSpellings
{
    /// <summary>JSON texts within JSON texts that are recognized, such as the arguments of a tool call in a body that was cut.</summary>
    private const int MostLevels = 3;

    /// <summary>The secret as it is, and its escaped spellings, the longest first. Without characters that JSON escapes there is one only.</summary>
    public static string[] Of(string secret)
    {
        var all = new HashSet<string> { secret };
        for (var level = 0; level < MostLevels; level++)
        {
            foreach (var spelling in all.ToArray())
            {
                all.UnionWith(Escaped(spelling));
            }
        }

        return [.. all.OrderByDescending(spelling => spelling.Length)];
    }

    /// <summary>The spellings that may stand in this text.</summary>
    public static string[] In(string text, string secret) => text.Contains('\\', StringComparison.Ordinal) ? Of(secret) : [secret];

    // Python and JavaScript escape what they must, PHP the slash too, .NET and Go also <, > and &: .NET in upper case, Go in lower case.
    private static IEnumerable<string> Escaped(string text)
    {
        var least = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        var most = JavaScriptEncoder.Default.Encode(text);
        return [least, least.Replace("/", "\\/", StringComparison.Ordinal), most, LowerCase().Replace(most, escape => escape.Value.ToLowerInvariant())];
    }

    [GeneratedRegex(@"\\u[0-9A-F]{4}")]
    private static partial Regex LowerCase();
}
