using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>What a terminal, a service manager or the kernel sends.</summary>
internal static partial class Signals
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    // As Linux numbers it.
    public const int Stop = 19;

    /// <summary>Sends a signal to one process, or with a negative id to its whole group, as Ctrl-C in a terminal does.</summary>
    public static void Send(int id, int signal)
    {
        if (!TrySend(id, signal))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>As <see cref="Send"/>; false if there is no such process any more.</summary>
    public static bool TrySend(int id, int signal) => KillProcess(id, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillProcess(int id, int signal);
}
