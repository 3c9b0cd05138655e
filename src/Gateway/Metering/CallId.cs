namespace OpenAIProxy.Gateway.Metering;

/// <summary>
/// Makes ids of calls: UUIDv7 (RFC 9562 section 5.7). <see cref="Guid.CreateVersion7()"/> asks the kernel for random bits, one system call
/// an id; these need to be different, not secret.
/// </summary>
internal static class CallId
{
    /// <summary>A new id.</summary>
    /// <param name="started">When the call began, unix milliseconds.</param>
    public static Guid Next(long started)
    {
        var (high, low) = (Random.Shared.NextInt64(), Random.Shared.NextInt64());
        return new Guid(
            (int)(started >> 16), (short)started, (short)(0x7000 | (high & 0x0FFF)),
            (byte)(0x80 | (low & 0x3F)), (byte)(low >> 8), (byte)(low >> 16), (byte)(low >> 24),
            (byte)(low >> 32), (byte)(low >> 40), (byte)(low >> 48), (byte)(high >> 16));
    }
}
