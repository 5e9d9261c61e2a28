// Swagger UI over our schema; nothing is fetched from elsewhere and only GET is offered.
(function () {
  var place = document.getElementById("swagger-ui");
  window.SwaggerUIBundle({
    url: place.getAttribute("data-schema"),
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
    supportedSubmitMethods: ["get"],
  });
})();
