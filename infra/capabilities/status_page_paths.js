// Pages are folders: `/` is index.html, `/incidents/x` and `/incidents/x/` are incidents/x/index.html.
function handler(event) {
    var request = event.request;
    var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
    if (last === '') {
        request.uri += 'index.html';
    } else if (last.indexOf('.') === -1) {
        request.uri += '/index.html';
    }
    return request;
}
