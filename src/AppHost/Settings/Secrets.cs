using System.Security.Cryptography;

namespace OpenAIProxy.AppHost.Settings;

/// <summary>Secret parameters of the app.</summary>
internal static class Secrets
{
    /// <summary>A secret parameter. When the app runs, it exists if it has a value; published, it always exists, and whoever deploys gives the value.</summary>
    public static IResourceBuilder<ParameterResource>? AddSecret(this IDistributedApplicationBuilder builder, string name, string? value)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return builder.AddParameter(name, secret: true);
        }

        return value is null ? null : builder.AddParameter(name, value, secret: true);
    }

    /// <summary>
    /// A secret that the services need and nobody has to think of: made anew at each start unless <paramref name="setting"/> is configured;
    /// published, whoever deploys gives it.
    /// </summary>
    public static GeneratedSecret AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name, ServiceSetting setting)
    {
        var configured = Configured.Find(builder.Configuration, setting);
        var generated = configured is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : null;
        return new GeneratedSecret(builder.AddSecret(name, configured ?? generated)!, setting, generated);
    }

    /// <summary>Gives <paramref name="secret"/> to <paramref name="service"/> as the setting it is for.</summary>
    public static IResourceBuilder<ProjectResource> WithSecret(this IResourceBuilder<ProjectResource> service, GeneratedSecret secret)
        => service.WithEnvironment(secret.Setting.Variable, secret.Parameter);
}
