using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Running;

internal static class FreePort
{
    private static readonly FreePorts Ports = new(10_000, 20_000);

    /// <summary>A port for somebody who is to listen there, and no other call's.</summary>
    public static int Take() => Ports.Take();
}
