using Microsoft.Extensions.Configuration.Json;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>
/// The file that <c>Access:KeysFile</c> names. Its keys are more items of <c>Access:Keys</c>, so they are read, checked and reloaded as those are:
/// <code>{ "Keys": [ { "Name": "ann", "Sha256": "9f86…", "Limits": { "Requests": "60/minute" } } ] }</code>
/// </summary>
internal sealed class KeysFile : JsonConfigurationSource
{
    private const string Setting = "Access:KeysFile";
    private const string Keys = "Keys:";

    /// <summary>Adds the file to a configuration that names one.</summary>
    /// <exception cref="SettingsException">It can't be read.</exception>
    public static void Add(ConfigurationManager configuration)
    {
        if (configuration[Setting]?.Trim() is { Length: > 0 } file)
        {
            ConfigFile.Add(configuration, new KeysFile(), System.IO.Path.GetFullPath(file), Setting);
        }
    }

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Provider(this);
    }

    private sealed class Provider(KeysFile file) : JsonConfigurationProvider(file)
    {
        private ILookup<string, string> _children = Enumerable.Empty<string>().ToLookup(key => key);

        public override void Load(Stream stream)
        {
            base.Load(stream);
            // "Keys": [] is an entry of its own.
            Data = Data.Where(entry => entry.Key + ":" != Keys)
                .ToDictionary(entry => Renamed(entry.Key), entry => entry.Value, StringComparer.OrdinalIgnoreCase);
            _children = Data.Keys.SelectMany(Steps).Distinct().ToLookup(step => step.Parent, step => step.Key, StringComparer.OrdinalIgnoreCase);
        }

        // .NET looks through all entries for the children of each, which is too much where there are thousands of keys.
        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            var own = _children[parentPath ?? ""];
            if (!own.Any())
            {
                return earlierKeys;
            }

            List<string> keys = [.. own, .. earlierKeys];
            keys.Sort(ConfigurationKeyComparer.Instance);
            return keys;
        }

        private static IEnumerable<(string Parent, string Key)> Steps(string key)
        {
            for (var end = key.Length; end > 0;)
            {
                var start = key.LastIndexOf(':', end - 1);
                yield return (start < 0 ? "" : key[..start], key[(start + 1)..end]);
                end = start;
            }
        }

        // Keys:0:Name -> Access:Keys:keys.json[0]:Name
        private string Renamed(string key)
        {
            if (!key.StartsWith(Keys, StringComparison.OrdinalIgnoreCase))
            {
                return $"{Setting}:{key}";
            }

            var (index, field) = key[Keys.Length..].Split(':', 2) is [var item, var rest] ? (item, rest) : (key[Keys.Length..], AccessKeyFields.Key.Name);
            return $"Access:Keys:{file.Path!.Replace(':', '_')}[{index}]:{field}";
        }
    }
}
