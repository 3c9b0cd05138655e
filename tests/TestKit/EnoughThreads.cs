using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.TestKit;

/// <summary>
/// Threads for all who block one: SQLite and commands do. The pool starts with one a core and adds others slowly; meanwhile nothing that
/// waits in the test process goes on, and what has a time limit fails.
/// </summary>
internal static class EnoughThreads
{
    private const int Count = 64;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must happen before any test of the process runs, whichever is first.")]
    internal static void Prepare() => ThreadPool.SetMinThreads(Count, Count);
}
