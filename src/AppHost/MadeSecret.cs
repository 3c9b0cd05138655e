using System.Security.Cryptography;

namespace OpenAIProxy.AppHost;

/// <summary>
/// A secret that the services need and nobody has to think of. Running, it is made anew at each start unless it is configured; published,
/// whoever deploys gives it.
/// </summary>
internal sealed class MadeSecret
{
    private readonly IResourceBuilder<ParameterResource> _parameter;

    private MadeSecret(IResourceBuilder<ParameterResource> parameter, string setting, string? value)
        => (_parameter, Setting, Value) = (parameter, setting, value);

    /// <summary>The setting it is for.</summary>
    public string Setting { get; }

    /// <summary>The secret, if it was made here: then its maker may tell it. Null if it was configured.</summary>
    public string? Value { get; }

    public static MadeSecret Add(IDistributedApplicationBuilder builder, string name, string setting)
    {
        var configured = Configured.Find(builder.Configuration, setting);
        var made = configured is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : null;
        return new MadeSecret(Secret.Add(builder, name, configured ?? made)!, setting, made);
    }

    public void GiveTo(IResourceBuilder<ProjectResource> service)
        => service.WithEnvironment(Setting.Replace(":", "__", StringComparison.Ordinal), _parameter);
}
