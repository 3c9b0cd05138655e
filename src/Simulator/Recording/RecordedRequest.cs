namespace OpenAIProxy.Simulator.Recording;

/// <summary>A request as it reached the simulator. It grows while the request goes on: read it again for its later state.</summary>
public sealed class RecordedRequest
{
    internal RecordedRequest(string method, string target, string protocol, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        Method = method;
        Target = target;
        Protocol = protocol;
        Headers = headers;
    }

    /// <summary>The value of <c>x-sim-record</c>, or the request's number with <c>Simulator:RecordAll</c>.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>The method as sent.</summary>
    public string Method { get; }

    /// <summary>The request target, byte for byte as it stood in the request line.</summary>
    public string Target { get; }

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public string Protocol { get; }

    /// <summary>
    /// Names and values, one entry for each line of a repeated header, in the order of Kestrel's collection:
    /// lines of one name are in order of arrival, names are not. Bytes above 127 are read as Latin-1.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Trailers of the request; empty while the body has not ended.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; internal set; } = [];

    /// <summary>Bytes of the body read so far.</summary>
    public long BodyBytes { get; internal set; }

    /// <summary>SHA-256 of the body in lower-case hexadecimal digits; null while the body has not ended.</summary>
    public string? BodySha256 { get; internal set; }

    /// <summary>The body, if it has ended, has at most 64 KB and is UTF-8; else null.</summary>
    public string? Body { get; internal set; }

    /// <summary>True if the client left before the answer was written.</summary>
    public bool Aborted { get; internal set; }

    /// <summary>True once the answer was written, with the fault that was asked for.</summary>
    public bool Completed { get; internal set; }

    /// <summary>The first value of a header, null if it is not there.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }
}
