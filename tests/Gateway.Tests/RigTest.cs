namespace OpenAIProxy.Gateway.Tests;

/// <summary>A test with a <see cref="Tests.Rig"/> of its own, so that what one test leaves behind disturbs no other.</summary>
public abstract class RigTest(bool isMetered, params (string, string)[] settings) : IAsyncLifetime
{
    protected RigTest(params (string, string)[] settings)
        : this(false, settings)
    {
    }

    protected Rig Rig { get; } = new(settings, isMetered);

    public ValueTask InitializeAsync() => Rig.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
