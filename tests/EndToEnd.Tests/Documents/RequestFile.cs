using System.Text;
using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>A file of requests that editors send: <c>@name = value</c>, then requests with <c>{{name}}</c>, each below a line <c>### what it is</c>.</summary>
internal static partial class RequestFile
{
    /// <summary>The texts of its requests, by what they are.</summary>
    public static IReadOnlyDictionary<string, string> Read(string file)
        => Part().Split(File.ReadAllText(Tree.PathTo(file))).Skip(1).Chunk(2).ToDictionary(part => part[0].Trim(), part => part[1].Trim());

    /// <summary>The values of its variables.</summary>
    public static IReadOnlyDictionary<string, string> Variables(string file)
        => Variable().Matches(File.ReadAllText(Tree.PathTo(file))).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    /// <summary>Makes a request of its text.</summary>
    public static HttpRequestMessage Make(string text, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            text = text.Replace($"{{{{{name}}}}}", value, StringComparison.Ordinal);
        }

        var parts = text.Split("\n\n", 2);
        var lines = parts[0].Split('\n');
        var first = lines[0].Split(' ', 2);
        var request = new HttpRequestMessage(new HttpMethod(first[0]), first[1]);
        if (parts.Length > 1)
        {
            request.Content = new StringContent(parts[1], Encoding.UTF8);
            request.Content.Headers.ContentType = null;
        }

        foreach (var header in lines[1..].Select(line => line.Split(": ", 2)))
        {
            Assert.True(request.Headers.TryAddWithoutValidation(header[0], header[1])
                || request.Content!.Headers.TryAddWithoutValidation(header[0], header[1]));
        }

        return request;
    }

    [GeneratedRegex("^### (.*)\n", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex(@"^@(\w+) = (.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
