using System.Buffers;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>
/// A body that is sent while it is written. What fits into one buffer has a length, and what fails before that is still an error with a status;
/// after it the connection is broken, for a part must never look like the whole.
/// </summary>
internal sealed class StreamedBody(HttpContext context)
{
    private const int Full = 64 * 1024;
    private const int MostPending = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(Full + 4096);
    private readonly bool _isHead = HttpMethods.IsHead(context.Request.Method);
    private bool _isSent;

    public IBufferWriter<byte> Writer => _buffer;

    public bool IsFull => _buffer.WrittenCount >= Full;

    /// <summary>Sends what was written, and waits if the caller reads slowly.</summary>
    public async ValueTask SendAsync()
    {
        if (!_isHead)
        {
            await context.Response.Body.WriteAsync(_buffer.WrittenMemory, context.RequestAborted);
        }

        _isSent = true;
        _buffer.ResetWrittenCount();
    }

    /// <summary>Takes what <paramref name="json"/> has written to <see cref="Writer"/>, once it is some, and sends the buffer if it is full.</summary>
    /// <param name="json">Writes the body.</param>
    /// <param name="isHeld">True if the body is held until its end.</param>
    public async ValueTask SendIfFullAsync(Utf8JsonWriter json, bool isHeld = false)
    {
        if (json.BytesPending > MostPending)
        {
            await json.FlushAsync();
            if (IsFull && !isHeld)
            {
                await SendAsync();
            }
        }
    }

    /// <summary>Writes a whole body by <paramref name="write"/>, whose headers are set.</summary>
    public static async Task WriteAsync(HttpContext context, Func<StreamedBody, Task> write)
    {
        var body = new StreamedBody(context);
        try
        {
            await write(body);
            if (!body._isSent)
            {
                context.Response.ContentLength = body._buffer.WrittenCount;
            }

            await body.SendAsync();
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            context.Abort();
            throw;
        }
        catch
        {
            // An error follows, and it is neither a file nor an answer of some age.
            context.Response.Headers.Remove(HeaderNames.ContentDisposition);
            AnswerWriter.Undescribe(context.Response);
            throw;
        }
    }
}
