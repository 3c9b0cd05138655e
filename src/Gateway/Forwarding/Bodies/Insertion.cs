namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>Bytes that the gateway puts into a request's body.</summary>
/// <param name="At">The position in the body as it came at which it begins.</param>
/// <param name="Replaced">How many bytes from there on it stands for.</param>
/// <param name="Text">The bytes.</param>
internal sealed record Insertion(int At, int Replaced, byte[] Text)
{
    /// <summary>By how much the body grows.</summary>
    public int Growth => Text.Length - Replaced;
}
