namespace OpenAIProxy.Usage.Scanning;

/// <summary>Is told what a <see cref="JsonScanner"/> finds. Spans are good during the call only.</summary>
internal interface IJsonSink
{
    /// <summary>An object or array begins.</summary>
    public void OnOpen(JsonField field);

    /// <summary>An object or array that is looked into has ended.</summary>
    public void OnClose(JsonField field);

    /// <summary>A value that is not null.</summary>
    /// <param name="field">Where.</param>
    /// <param name="value">At most <see cref="JsonScanner.LongestValue"/> bytes of a string without escapes; or the number, <c>true</c>, <c>false</c>.</param>
    /// <param name="isString">True for a string.</param>
    public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString);

    /// <summary>A <c>null</c>.</summary>
    public void OnNull(JsonField field)
    {
    }

    /// <summary>A piece of text.</summary>
    /// <param name="bytes">Its length in UTF-8. Minus one corrects what was told before.</param>
    public void OnText(int bytes);

    /// <summary>The document is complete.</summary>
    public void OnDocument();
}
