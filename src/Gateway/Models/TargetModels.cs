using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Models;

/// <summary>The models that the target of a request names, in its path or its query.</summary>
internal readonly record struct TargetModels(ModelFault Fault, bool IsInPath, bool IsInQuery)
{
    // The verbs of Google's API, which stand behind the name: /models/gemini-2.5-pro:generateContent
    private static readonly string[] Verbs = [":generateContent", ":streamGenerateContent", ":countTokens", ":embedContent", ":batchEmbedContents", ":predict"];

    /// <summary>Reads a target.</summary>
    /// <param name="path">It.</param>
    /// <param name="models">What may be named.</param>
    public static TargetModels Of(RequestPath path, ModelList models)
    {
        var inPath = InPath(path.Value, models, out var isInPath);
        var inQuery = InQuery(path.Target, models, out var isInQuery);
        return new TargetModels(inPath == ModelFault.None ? inQuery : inPath, isInPath, isInQuery);
    }

    /// <summary>The value of a parameter in a query; null if it isn't there.</summary>
    public static string? Parameter(ReadOnlySpan<char> target, string name)
    {
        foreach (var (key, value) in Query(target))
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    // /deployments/{model}/chat/completions, /engines/{model}/completions, /models/{model}, which may have slashes in it
    private static ModelFault InPath(ReadOnlySpan<char> path, ModelList models, out bool isNamed)
    {
        isNamed = false;
        while (PathSegments.TryCut(ref path, out var segment))
        {
            var isModels = Is(segment, "models");
            if (!isModels && !Is(segment, "deployments") && !Is(segment, "engines"))
            {
                continue;
            }

            var all = path.Trim('/');
            if (!PathSegments.TryCut(ref path, out var first))
            {
                return ModelFault.None;
            }

            isNamed = true;
            if (isModels)
            {
                return models.Allows(all.ToString()) || models.Allows(WithoutVerb(all)) ? ModelFault.None : ModelFault.NotAllowed;
            }

            if (!models.Allows(first.ToString()))
            {
                return ModelFault.NotAllowed;
            }
        }

        return ModelFault.None;
    }

    // ?model=, ?deployment= of Azure's Realtime
    private static ModelFault InQuery(ReadOnlySpan<char> target, ModelList models, out bool isNamed)
    {
        isNamed = false;
        foreach (var (key, value) in Query(target))
        {
            if (!Is(key, "model") && !Is(key, "deployment"))
            {
                continue;
            }

            isNamed = true;
            if (!models.Allows(value))
            {
                return ModelFault.NotAllowed;
            }
        }

        return ModelFault.None;
    }

    // Some servers take a semicolon for an ampersand.
    private static List<(string Name, string Value)> Query(ReadOnlySpan<char> target)
    {
        var parameters = new List<(string, string)>();
        var at = target.IndexOf('?');
        if (at < 0)
        {
            return parameters;
        }

        var query = target[(at + 1)..];
        foreach (var range in query.SplitAny('&', ';'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var name = Decode(equals < 0 ? pair : pair[..equals]).Trim();
            var bracket = name.IndexOf('[', StringComparison.Ordinal);
            parameters.Add((bracket < 0 ? name : name[..bracket], equals < 0 ? "" : Decode(pair[(equals + 1)..])));
        }

        return parameters;
    }

    private static string Decode(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));

    private static string WithoutVerb(ReadOnlySpan<char> name)
    {
        foreach (var verb in Verbs)
        {
            if (name.EndsWith(verb, StringComparison.Ordinal))
            {
                return name[..^verb.Length].ToString();
            }
        }

        return "";
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
