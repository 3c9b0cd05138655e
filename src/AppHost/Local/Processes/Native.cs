using System.Runtime.InteropServices;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace OpenAIProxy.AppHost.Local;

/// <summary>Calls to Linux that .NET has no method for.</summary>
internal static partial class Native
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int SetParentDeathSignal = 1;

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int SendSignal(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int ControlProcess(int option, nint a, nint b = 0, nint c = 0, nint d = 0);

    [LibraryImport("libc", EntryPoint = "setsid")]
    public static partial int StartSession();

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentProcessId();

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnsetVariable(string name);

    /// <summary>Replaces this process's program; returns only if it can't. <paramref name="arguments"/> ends with null.</summary>
    [LibraryImport("libc", EntryPoint = "execvp", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Execute(string file, string?[] arguments);
}
