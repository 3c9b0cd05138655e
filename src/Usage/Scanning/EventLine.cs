namespace OpenAIProxy.Usage.Scanning;

/// <summary>What an <see cref="EventReader"/> has come to the end of.</summary>
internal enum EventLine : byte
{
    /// <summary>The bytes; the line goes on.</summary>
    Open,

    /// <summary>A line that says something.</summary>
    Field,

    /// <summary>An empty line, which ends an event.</summary>
    Blank,

    /// <summary>The LF of a CR LF, whose CR has ended the line.</summary>
    LineFeed,
}
