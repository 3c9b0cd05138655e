namespace OpenAIProxy.Usage.Scanning;

/// <summary>Is told of what an <see cref="EventReader"/> finds besides the documents in the events.</summary>
internal interface IEventSink
{
    /// <summary>A data line that is a whole event, before it is scanned. Must come to what scanning it would come to.</summary>
    /// <param name="data">The line without <c>data: </c> and without its end.</param>
    /// <param name="text">
    /// Where its text is. An event that differs from it only there, and in what pads it, goes to <see cref="TakeSameShape"/>. Empty if there may
    /// be no such event.
    /// </param>
    /// <returns>True if nothing more is to be found in it.</returns>
    public bool TryTake(ReadOnlySpan<byte> data, out Range text);

    /// <summary>An event like the last one of <see cref="TryTake"/>.</summary>
    /// <param name="bytes">The length of its text, in UTF-8 without any escape.</param>
    public void TakeSameShape(int bytes);

    /// <summary><c>data: [DONE]</c>.</summary>
    public void OnEndMark();

    /// <summary><c>event: error</c>; its data follow.</summary>
    public void OnErrorEvent();
}
