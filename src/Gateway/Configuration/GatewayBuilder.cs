using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>Begins the gateway, and its commands.</summary>
internal static class GatewayBuilder
{
    /// <summary>The settings in <paramref name="args"/>, the environment and the files, and a builder that listens where they say.</summary>
    /// <exception cref="SettingsException">They can't be used.</exception>
    public static WebApplicationBuilder Create(string[] args, out GatewaySettings settings)
    {
        CommandLine.Check(args, GatewaySettings.All, "port", "workers", ConfigFile.Option);
        var builder = Startup.CreateBuilder(args);
        settings = GatewaySettings.Read(builder.Configuration, ListenAddresses.Apply(builder, args));
        return builder;
    }
}
