using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>Begins the gateway, and its commands.</summary>
internal static class GatewayBuilder
{
    /// <summary>The settings in <paramref name="args"/>, the environment and the files, and a builder that listens where they say.</summary>
    /// <exception cref="SettingsException">They can't be used.</exception>
    public static WebApplicationBuilder Create(string[] args, out GatewaySettings settings) => Create(args, out settings, out _);

    /// <summary>The same, with where that is.</summary>
    public static WebApplicationBuilder Create(string[] args, out GatewaySettings settings, out ListenAddresses addresses)
    {
        CommandLine.Check(args, GatewaySettings.All, "port", "workers", ConfigFile.Option);
        var builder = Startup.CreateBuilder(args);
        KeysFile.Add(builder.Configuration);
        addresses = ListenAddresses.Apply(builder, args);
        settings = GatewaySettings.Read(builder.Configuration, addresses);
        return builder;
    }
}
