using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Access;

/// <summary>The last characters of a key (<see cref="KeyLabel.EndingOf"/>), without a string: every call carries them, and few are ever shown.</summary>
internal readonly record struct KeyEnding
{
    private readonly ulong _characters;

    private KeyEnding(ulong characters) => _characters = characters;

    /// <summary>That of <paramref name="key"/>.</summary>
    public static KeyEnding Of(ReadOnlySpan<char> key)
    {
        ulong characters = 0;
        foreach (var c in KeyLabel.EndingOf(key))
        {
            characters = (characters << 16) | c;
        }

        return new KeyEnding(characters);
    }

    /// <inheritdoc/>
    public override string ToString() => _characters == 0 ? "" : string.Create(KeyLabel.EndingLength, _characters, static (text, characters) =>
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (char)(characters & 0xFFFF);
            characters >>= 16;
        }
    });
}
