using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>A service's configuration, read once more and checked as at the start.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Apply">Puts those settings in force that may change. It can't fail.</param>
public sealed record SettingsRead(ConfigurationManager Configuration, Action Apply);
