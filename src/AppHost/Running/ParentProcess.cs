using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.AppHost.Running;

/// <summary>The <c>dotnet run</c> that started this process.</summary>
internal static partial class ParentProcess
{
    // Read by CliOrphanDetector of Aspire.Hosting: the app ends when the process with this id has.
    private const string WatchedProcess = "ASPIRE_CLI_PID";

    /// <summary>
    /// Lets the app end when <c>dotnet run</c> is killed outright: then nobody is left at whose terminal it could be ended. An AppHost that
    /// was started without <c>dotnet run</c> stays when its parent goes, as a daemon should. Windows ends the children of <c>dotnet run</c> itself.
    /// </summary>
    public static void Watch(IConfigurationManager configuration)
    {
        var wasStartedByDotnetRun = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE"));
        if (wasStartedByDotnetRun && !OperatingSystem.IsWindows() && string.IsNullOrEmpty(configuration[WatchedProcess]))
        {
            configuration[WatchedProcess] = GetParentId().ToString(CultureInfo.InvariantCulture);
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetParentId();
}
