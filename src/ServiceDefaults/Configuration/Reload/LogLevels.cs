using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>
/// The log levels that changed since the start, as the strongest source of a running service's configuration. That configuration as a whole
/// is not read again: Kestrel would follow changed addresses, for which the settings were not checked.
/// </summary>
internal sealed class LogLevels : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Sets levels by their names, <c>Logging:LogLevel:Yarp</c>. An empty one is none: .NET skips it.</summary>
    public void Set(IEnumerable<KeyValuePair<string, string>> levels)
    {
        // Not in place: others read meanwhile.
        var data = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, level) in levels)
        {
            data[name] = level;
        }

        Data = data;
        OnReload();
    }
}
