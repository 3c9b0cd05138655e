namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Makes a JSON object as long as wanted.</summary>
internal static class Padding
{
    /// <summary>Puts a member <c>padding</c> before all others, so that what a reader looks for comes after it.</summary>
    public static byte[] Pad(byte[] json, long length)
    {
        var missing = length - json.Length;
        var frame = "\"padding\":\"\","u8;
        if (missing < frame.Length)
        {
            return json;
        }

        var padded = new byte[length];
        padded[0] = (byte)'{';
        "\"padding\":\""u8.CopyTo(padded.AsSpan(1));
        var filler = padded.AsSpan(1 + frame.Length - 2, (int)missing - frame.Length);
        filler.Fill((byte)'x');
        "\","u8.CopyTo(padded.AsSpan(1 + frame.Length - 2 + filler.Length));
        json.AsSpan(1).CopyTo(padded.AsSpan(1 + (int)missing));
        return padded;
    }
}
