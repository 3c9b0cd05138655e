namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>The characters that a key, or the value of a header, can have everywhere: VCHAR of RFC 5234, and in a value spaces between.</summary>
public static class VisibleAscii
{
    /// <summary>True if <paramref name="text"/> has nothing but characters from '!' to '~'. True too if it is empty.</summary>
    public static bool IsAll(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>True if <paramref name="text"/> has nothing but those and spaces.</summary>
    public static bool IsAllOrSpaces(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~');
}
