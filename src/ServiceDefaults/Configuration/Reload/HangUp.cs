using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>
/// SIGHUP: to a service it says "read your settings again", by old custom; to a program on a terminal, that the terminal is gone.
/// </summary>
internal static class HangUp
{
    private const string Terminal = "/dev/tty";

    /// <summary>Listens for it; null on Windows, where it means that the console window is closed.</summary>
    /// <param name="reload">Called for a service.</param>
    /// <param name="stop">Called when the terminal is gone.</param>
    public static PosixSignalRegistration? Register(Action reload, Action stop)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var hadTerminal = HasTerminal();
        return PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            if (hadTerminal && !HasTerminal())
            {
                stop();
                return;
            }

            reload();
        });
    }

    // Only a process with a controlling terminal can open it: tty(4).
    private static bool HasTerminal()
    {
        try
        {
            using SafeFileHandle terminal = File.OpenHandle(Terminal);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
