using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using OpenAIProxy.ServiceDefaults.Health;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Runs a service's main, and turns what stops a start into words for people and an exit code.</summary>
public static class Startup
{
    /// <summary>The exit code for a configuration that can't be used (<c>EX_CONFIG</c> of sysexits.h).</summary>
    public const int ConfigurationError = 78;

    /// <summary>
    /// A builder that reads its configuration once. What may change while it runs is read again by <see cref="Reload.ReloadExtensions"/>, which
    /// watches no file: that takes an inotify instance, of which a host gives all its containers together only 128.
    /// </summary>
    /// <exception cref="SettingsException">A file with settings can't be read.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var builder = ConfigFile.Read(() => WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]));
        ConfigFile.Add(builder.Configuration, args);
        return builder;
    }

    /// <summary>
    /// Runs <paramref name="main"/>, or only asks how a running service is if the command line says <c>--health ADDRESS</c>.
    /// Returns 0, 78 for a wrong configuration, or 1 if the address to listen on can't be had (or the service asked is not healthy).
    /// </summary>
    /// <param name="service">What can't start, for the message.</param>
    /// <param name="main">Serves until it is told to stop.</param>
    /// <param name="addressOptions">The options that choose where it listens.</param>
    public static int Run(string service, Action main, string addressOptions = "--urls or ASPNETCORE_URLS")
    {
        ArgumentNullException.ThrowIfNull(main);
        if (HealthProbe.Address(Environment.GetCommandLineArgs()[1..]) is { } address)
        {
            return HealthProbe.Run(address);
        }

        try
        {
            main();
            return 0;
        }
        catch (SettingsException e)
        {
            Console.Error.WriteLine($"{service} can't start. {e.Message}");
            return ConfigurationError;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            // An address that is none.
            Console.Error.WriteLine($"{service} can't start. {e.Message} {e.InnerException?.Message}".TrimEnd());
            return ConfigurationError;
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException or SocketException })
        {
            Console.Error.WriteLine($"{service} can't listen: {e.Message.TrimEnd('.')}. Choose another with {addressOptions}.");
            return 1;
        }
    }
}
