namespace OpenAIProxy.Usage.Scanning;

/// <summary>Is told of what an <see cref="EventReader"/> finds besides the documents in the events.</summary>
internal interface IEventSink
{
    /// <summary>A data line that is a whole event, before it is scanned. Must come to what scanning it would come to.</summary>
    /// <param name="data">The line without <c>data: </c> and without its end.</param>
    /// <returns>True if nothing more is to be found in it.</returns>
    public bool TryTake(ReadOnlySpan<byte> data);

    /// <summary><c>data: [DONE]</c>.</summary>
    public void OnEndMark();

    /// <summary><c>event: error</c>; its data follow.</summary>
    public void OnErrorEvent();
}
