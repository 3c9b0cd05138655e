namespace OpenAIProxy.AppHost.Tests.Running;

/// <summary>
/// Variables of the test process, which an app in it and all that it starts inherit. Put back when it is disposed. The tests of this project
/// run one after the other, so nobody else sees them.
/// </summary>
internal sealed class EnvironmentScope : IDisposable
{
    private readonly List<(string Name, string? Before)> _before = [];

    /// <summary>Sets <paramref name="variables"/>; a null takes one away.</summary>
    public EnvironmentScope(params IEnumerable<(string Name, string? Value)> variables)
    {
        foreach (var (name, value) in variables)
        {
            _before.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
