namespace OpenAIProxy.TestKit;

/// <summary>
/// The environment variables of the test process. It has only one set of them, which every host reads while it is built, and tests run side
/// by side: whoever sets a variable, or builds a host or starts a process that gets them all, does so here, one after the other.
/// </summary>
public static class ProcessEnvironment
{
    private static readonly Lock Lock = new();

    /// <summary>Builds with the environment as <see cref="CleanEnvironment"/> left it.</summary>
    public static T Build<T>(Func<T> build) => Build([], build);

    /// <summary>Builds with <paramref name="variables"/> set meanwhile.</summary>
    public static T Build<T>(IReadOnlyCollection<KeyValuePair<string, string>> variables, Func<T> build)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(build);
        lock (Lock)
        {
            Set(variables.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value)));
            try
            {
                return build();
            }
            finally
            {
                Set(variables.Select(v => KeyValuePair.Create(v.Key, (string?)null)));
            }
        }
    }

    private static void Set(IEnumerable<KeyValuePair<string, string?>> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
