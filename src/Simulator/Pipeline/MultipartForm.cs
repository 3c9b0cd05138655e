using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>A multipart request body, read as a stream: fields are kept, files are counted.</summary>
internal sealed class MultipartForm
{
    private const int BufferSize = 64 * 1024;

    private readonly Dictionary<string, string> _fields = [];

    /// <summary>Bytes of all files together.</summary>
    public long FileBytes { get; private set; }

    /// <summary>Number of files.</summary>
    public int Files { get; private set; }

    /// <summary>The name of the last file.</summary>
    public string FileName { get; private set; } = "";

    public string this[string field] => _fields.GetValueOrDefault(field, "");

    /// <summary>Reads the whole body in constant memory. Throws a 400 if it is no whole multipart body.</summary>
    public static async Task<MultipartForm> ReadAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "The request must be multipart/form-data with a boundary.");
        }

        var form = new MultipartForm();
        var reader = new MultipartReader(boundary.ToString(), context.Request.Body, BufferSize);
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                await form.ReadAsync(section, context.RequestAborted);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException && !e.IsClientGone(context))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"The multipart body is broken: {e.Message}");
        }

        return form;
    }

    private async Task ReadAsync(MultipartSection section, CancellationToken aborted)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
        {
            throw new InvalidDataException("a part has no Content-Disposition.");
        }

        if (disposition.IsFileDisposition())
        {
            FileName = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).ToString();
            Files++;
            FileBytes += await CountAsync(section.Body, aborted);
            return;
        }

        _fields[HeaderUtilities.RemoveQuotes(disposition.Name).ToString()] = await section.ReadAsStringAsync(aborted);
    }

    private static async Task<long> CountAsync(Stream body, CancellationToken aborted)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long total = 0;
            while (await body.ReadAsync(buffer, aborted) is var count and > 0)
            {
                total += count;
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
