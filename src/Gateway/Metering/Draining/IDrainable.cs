namespace OpenAIProxy.Gateway.Metering.Draining;

/// <summary>A call whose answer can be read on without its client.</summary>
internal interface IDrainable
{
    /// <summary>True once its record is written.</summary>
    public bool IsOver { get; }

    /// <summary>True if the answer is to be read on when the client leaves.</summary>
    public bool IsWorthDraining { get; }

    /// <summary>True if the client has left, and the upstream has all it needs without it.</summary>
    public bool IsLeftAlone { get; }

    /// <summary>The client has left, and a drain goes on with the answer: it closes the call.</summary>
    public void HandOver();

    /// <summary>The answer's head is there, and nobody waits for it.</summary>
    public void AnsweredNobody(HttpResponseMessage answer);

    /// <summary>The next bytes of the answer; none at its end.</summary>
    public void Passed(ReadOnlySpan<byte> bytes);

    /// <summary>It is over. Nothing happens if it was before.</summary>
    public void Close();
}
