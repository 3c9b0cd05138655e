using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenAIProxy.AppHost.Local;

/// <summary>
/// How every child starts: as this very program, which ties itself to the AppHost and then becomes the child's program. Tied: the kernel
/// kills it when the AppHost is gone, even by kill -9. In a session of its own: Ctrl-C in the terminal reaches the AppHost only, which
/// then ends its children in order.
/// </summary>
internal static class ChildStart
{
    private const string Marker = "OPENAIPROXY_START_CHILD_OF";

    // Otherwise the child's .NET runtime finds the diagnostics socket of this one, in the same process, in its way.
    private const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>The <c>dotnet</c> that runs this program.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    public static ProcessStartInfo Prepare(string directory, params ReadOnlySpan<string> command)
    {
        var start = new ProcessStartInfo(DotNet, [typeof(ChildStart).Assembly.Location, .. command]) { WorkingDirectory = directory };
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment[Marker] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        start.Environment.TryAdd(Diagnostics, "0");
        return start;
    }

#pragma warning disable CA2255 // Before Main, so that Program.cs knows nothing of this.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void BecomeChild()
    {
        if (Environment.GetEnvironmentVariable(Marker) is not { } parent)
        {
            return;
        }

        _ = Native.StartSession();
        _ = Native.ControlProcess(Native.SetParentDeathSignal, Native.Kill);
        if (Native.ParentProcessId().ToString(CultureInfo.InvariantCulture) != parent)
        {
            Environment.Exit(1);
        }

        _ = Native.UnsetVariable(Marker);
        if (Environment.GetEnvironmentVariable(Diagnostics) == "0")
        {
            _ = Native.UnsetVariable(Diagnostics);
        }

        string?[] command = [.. Environment.GetCommandLineArgs()[1..], null];
        _ = Native.Execute(command[0]!, command);
        Console.Error.WriteLine($"{command[0]} can't be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        Environment.Exit(127);
    }
}
