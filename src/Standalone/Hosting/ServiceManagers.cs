using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging.Console;

namespace OpenAIProxy.Standalone.Hosting;

/// <summary>What the process owes to who started it: systemd, or Windows' service control manager.</summary>
internal static class ServiceManagers
{
    // sd_notify(3): where a unit of Type=notify is to say that it is ready.
    private const string NotifySocket = "NOTIFY_SOCKET";

    /// <summary>
    /// The folder of the program for a Windows service, which is started in System32; else null. Its appsettings.json is beside it.
    /// </summary>
    public static string? ContentRoot => WindowsServiceHelpers.IsWindowsService() ? AppContext.BaseDirectory : null;

    private static bool IsSystemd => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(NotifySocket));

    /// <summary>Tells the service manager when the process answers and when it stops, and stops when it is told to.</summary>
    public static void AddServiceManagers(this IServiceCollection services)
    {
        services.AddWindowsService();
        if (IsSystemd)
        {
            // Not AddSystemd: it looks for systemd at /proc/PARENT, which ProtectProc=invisible hides.
            // https://github.com/dotnet/runtime/blob/v10.0.0/src/libraries/Microsoft.Extensions.Hosting.Systemd/src/SystemdHelpers.cs
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
            services.Replace(ServiceDescriptor.Singleton<IHostLifetime, SystemdLifetime>());
        }

        services.AddServiceLogs();
    }

    /// <summary>Under systemd each line begins with its level, as the journal wants it: sd-daemon(3).</summary>
    public static void AddServiceLogs(this IServiceCollection services)
    {
        if (IsSystemd)
        {
            services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = ConsoleFormatterNames.Systemd);
        }
    }
}
