namespace OpenAIProxy.Gateway.Tests;

/// <summary>A test with a <see cref="Tests.Rig"/> of its own, so that what one test leaves behind disturbs no other.</summary>
public abstract class RigTest(params (string, string)[] settings) : IAsyncLifetime
{
    protected Rig Rig { get; } = new(settings);

    public ValueTask InitializeAsync() => Rig.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
