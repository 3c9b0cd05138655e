using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// The structured variables of openai-forward 0.7 and later, which hold JSON. What they say is translated into settings of ours where there
/// is such a setting; the rest stops the start: ignored, it would open models or close routes without a word.
/// <code>
/// FORWARD_CONFIG=[{"base_url":"https://api.openai.com","route":"/","type":"openai"}]
/// OPENAI_API_KEY_CONFIG={"sk-xxx1":[0]}
/// FORWARD_KEY_CONFIG={"0":["fk-0"],"1":["fk-1","fk-11"]}
/// LEVEL_MODELS={"1":["gpt-4"]}
/// </code>
/// </summary>
internal sealed class OpenAIForward(IConfiguration configuration, IReadOnlyDictionary<string, Setting> known, ICollection<string> errors)
{
    private const string Forward = "FORWARD_CONFIG";
    private const string ApiKeys = "OPENAI_API_KEY_CONFIG";

    private readonly Dictionary<string, string?> _settings = [];

    /// <summary>The settings that the variables come to, by their names. Those that the service doesn't have are left out.</summary>
    public IReadOnlyDictionary<string, string?> Translate()
    {
        Read(Forward, JsonValueKind.Array, ReadForward);
        Read(ApiKeys, JsonValueKind.Object, ReadApiKeys);
        if (known.ContainsKey("Access:Keys"))
        {
            var levels = new OpenAIForwardLevels(errors);
            Read(OpenAIForwardLevels.Models, JsonValueKind.Object, levels.ReadModels);
            Read(OpenAIForwardLevels.Keys, JsonValueKind.Object, levels.ReadKeys);
            Add(levels);
        }

        return _settings;
    }

    private void Read(string variable, JsonValueKind kind, Action<JsonElement> read)
    {
        if (configuration[variable]?.Trim() is not { Length: > 0 } text)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == kind)
            {
                read(json.RootElement);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below, without the parser's words: they quote what stands there, which may be a key.
        }

        errors.Add($"{variable} is no JSON {(kind == JsonValueKind.Array ? "array" : "object")} as openai-forward has it.");
    }

    private void ReadForward(JsonElement routes)
    {
        if (routes.GetArrayLength() != 1)
        {
            errors.Add($"{Forward} names {routes.GetArrayLength()} upstreams; a gateway has one. Start a gateway for each, with OPENAI_BASE_URL and "
                + "ROUTE_PREFIX, and let a reverse proxy choose between them by path.");
            return;
        }

        var type = Text(routes[0], "type") ?? "openai";
        if (type != "openai")
        {
            errors.Add($"{Forward} asks for the type '{CommandLine.Shorten(type)}', which is not there: this gateway forwards to an API of OpenAI's form. "
                + "If the upstream is one, say \"type\":\"openai\", or OPENAI_BASE_URL in place of the whole variable.");
            return;
        }

        Set("OpenAI:BaseUrl", Text(routes[0], "base_url"), Forward);
        Set("Forwarding:RoutePrefix", Text(routes[0], "route")?.Trim('/'), Forward);
    }

    private void ReadApiKeys(JsonElement keys)
    {
        if (keys.EnumerateObject().Any(key => !IsOfAllModels(key.Value)))
        {
            errors.Add($"{ApiKeys} has keys of other levels than {OpenAIForwardLevels.AllModels}, and levels are not there: every access key uses every key in turn. "
                + "Say OPENAI_API_KEY, or start a gateway for each level.");
            return;
        }

        Set("OpenAI:ApiKey", string.Join(' ', keys.EnumerateObject().Select(key => key.Name)), ApiKeys);
    }

    private void Add(OpenAIForwardLevels levels)
    {
        var settings = levels.Translate();
        if (settings.Count == 0 || !IsFree("Access:Keys", OpenAIForwardLevels.Keys))
        {
            return;
        }

        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }
    }

    private void Set(string name, string? value, string variable)
    {
        if (!string.IsNullOrWhiteSpace(value) && known.ContainsKey(name) && IsFree(name, variable))
        {
            _settings[name] = value;
        }
    }

    private bool IsFree(string name, string variable)
    {
        if (known[name].Aliases.Prepend(name).FirstOrDefault(IsSet) is not { } other)
        {
            return true;
        }

        errors.Add($"{variable} and {other} say the same thing. Keep one of them.");
        return false;
    }

    private bool IsSet(string name) => !string.IsNullOrWhiteSpace(configuration[name]) || configuration.GetSection(name).GetChildren().Any();

    private static bool IsOfAllModels(JsonElement levels)
        => levels.ValueKind == JsonValueKind.Array && levels.EnumerateArray().All(level => level.ToString() == OpenAIForwardLevels.AllModels);

    private static string? Text(JsonElement of, string name)
        => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
