namespace OpenAIProxy.Simulator.Shapes;

/// <summary>The picture that the simulator paints.</summary>
internal static class Images
{
    /// <summary>A PNG of one transparent pixel, in base64.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
}
