using System.Text.Json;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// The levels of openai-forward's keys, as access keys with lists of models. A key of the level 0 may use every model, one of another level those
/// that its level names.
/// <code>
/// FORWARD_KEY_CONFIG={"0":["fk-0"],"1":["fk-1","fk-11"]}
/// LEVEL_MODELS={"1":["gpt-4"]}
/// </code>
/// </summary>
internal sealed class OpenAIForwardLevels(ICollection<string> errors)
{
    public const string Keys = "FORWARD_KEY_CONFIG";
    public const string Models = "LEVEL_MODELS";
    public const string AllModels = "0";

    private readonly Dictionary<string, string[]> _keys = [];
    private readonly Dictionary<string, string[]> _models = [];
    private readonly int _errorsBefore = errors.Count;

    /// <summary>Reads the keys of each level.</summary>
    public void ReadKeys(JsonElement levels) => Read(levels, _keys);

    /// <summary>Reads the models of each level.</summary>
    public void ReadModels(JsonElement levels) => Read(levels, _models);

    /// <summary>The settings that they come to; none if one of them can't be used.</summary>
    public Dictionary<string, string?> Translate()
    {
        var settings = new Dictionary<string, string?>();
        if (errors.Count > _errorsBefore)
        {
            return settings;
        }

        if (FindError() is { } error)
        {
            errors.Add(error);
            return settings;
        }

        if (_keys.GetValueOrDefault(AllModels) is { Length: > 0 } all)
        {
            settings["Access:Keys"] = string.Join(' ', all);
        }

        foreach (var (level, keys) in _keys.Where(level => level.Key != AllModels))
        {
            foreach (var (index, key) in keys.Index())
            {
                AddKey(settings, $"Access:Keys:{Keys}[{level.Replace(':', '_')}][{index}]", key, _models[level]);
            }
        }

        return settings;
    }

    private string? FindError()
    {
        if (_models.FirstOrDefault(level => level.Key == AllModels || level.Value.Length == 0).Key is { } level)
        {
            return $"{Models} has the level '{CommandLine.Shorten(level)}', which can't be: keys of the level {AllModels} "
                + "may use every model, and those of another level the models that it names, of which there must be one. Leave the level out, or name some.";
        }

        if (_keys.Keys.FirstOrDefault(level => level != AllModels && !_models.ContainsKey(level)) is { } open)
        {
            return $"{Keys} has keys of the level '{CommandLine.Shorten(open)}', of which {Models} names no models. Say which they may use, or make them "
                + $"keys of the level {AllModels}, which may use every model.";
        }

        return _models.Keys.FirstOrDefault(level => !_keys.ContainsKey(level)) is { } unused
            ? $"{Models} names models of the level '{CommandLine.Shorten(unused)}', of which {Keys} has no keys."
            : null;
    }

    private static void AddKey(Dictionary<string, string?> settings, string item, string key, string[] models)
    {
        settings[$"{item}:Key"] = key;
        foreach (var (index, model) in models.Index())
        {
            settings[$"{item}:Models:{index}"] = model;
        }
    }

    private static void Read(JsonElement levels, Dictionary<string, string[]> into)
    {
        foreach (var level in levels.EnumerateObject())
        {
            into[level.Name] = level.Value.ValueKind == JsonValueKind.Array
                ? [.. level.Value.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
                : [];
        }
    }
}
