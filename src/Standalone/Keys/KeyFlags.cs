using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Keys;

namespace OpenAIProxy.Standalone.Keys;

/// <summary>
/// The flags that set fields of a key, one for each: <c>limits.input_tokens</c> is <c>--limits-input-tokens</c>. An empty one sets the default.
/// </summary>
internal sealed class KeyFlags
{
    private readonly IReadOnlyList<(KeyField Field, Option<string[]> Flag)> _flags;

    /// <param name="hasName">False where the name is an argument.</param>
    public KeyFlags(bool hasName) => _flags =
    [
        .. KeyFields.All.Where(field => hasName || field.Name != "name").Select(field => (field, new Option<string[]>(NameOf(field.Name))
        {
            HelpName = field.Kind == KeyFieldKind.List ? "LIST" : "VALUE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        })),
    ];

    /// <summary>The flag of a field.</summary>
    public static string NameOf(string field) => "--" + field.Replace('.', '-').Replace('_', '-');

    /// <summary>Adds all to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, flag) in _flags)
        {
            command.Options.Add(flag);
        }
    }

    /// <summary>What was said, as the admin API takes it.</summary>
    /// <exception cref="CommandLineException">A field that has one value is said twice, or a switch is none.</exception>
    public JsonObject Read(ParseResult result)
    {
        var body = new JsonObject();
        foreach (var (field, flag) in _flags)
        {
            if (result.GetResult(flag) is null)
            {
                continue;
            }

            var parent = body;
            var parts = field.Name.Split('.');
            if (parts.Length > 1)
            {
                body[parts[0]] ??= new JsonObject();
                parent = (JsonObject)body[parts[0]]!;
            }

            parent[parts[^1]] = Value(field, flag.Name, result.GetValue(flag)!);
        }

        return body;
    }

    private static JsonNode? Value(KeyField field, string flag, string[] texts)
    {
        if (field.Kind == KeyFieldKind.List)
        {
            return new JsonArray([.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Select(text => (JsonNode)text)]);
        }

        if (texts is not [var text])
        {
            throw new CommandLineException($"{flag} is given twice.");
        }

        if (text.Length == 0)
        {
            return null;
        }

        if (field.Kind != KeyFieldKind.Switch)
        {
            return text;
        }

        return bool.TryParse(text, out var isOn)
            ? isOn
            : throw new CommandLineException($"{flag} has a value that can't be used; allowed: {field.About.Allowed}.");
    }
}
