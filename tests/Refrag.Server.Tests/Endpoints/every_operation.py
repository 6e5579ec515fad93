"""Every operation of a service with every member of every shape, as AWS's own model and boto3 see them.

    examples SERVICE OPERATION…             prints {operation: {"asked": …, "answered": …}} made from the model
    call SERVICE URL KEY SECRET < examples  calls each with boto3 and prints {operation: what boto3 made of the answer}
"""
import json
import sys

import boto3
import botocore.session
from botocore.model import ServiceModel


def example(shape):
    if shape.type_name == "structure":
        return {name: example(member) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [example(shape.member)]
    if shape.type_name == "map":
        return {"a key": example(shape.value)}
    return {
        "string": lambda: shape.enum[-1] if shape.enum else f"{shape.name} /:+% ä€",
        "integer": lambda: 7,
        "long": lambda: 1_700_000_000_123,
        "boolean": lambda: True,
        "double": lambda: 0.25,
        "float": lambda: 0.5,
        "timestamp": lambda: 1_700_000_000.5,
    }[shape.type_name]()


def examples(service, names):
    model = ServiceModel(botocore.session.get_session().get_component("data_loader").load_service_model(service, "service-2"), service)
    return {
        name: {"asked": example(o.input_shape), "answered": example(o.output_shape) if o.output_shape else {}}
        for name in names or model.operation_names
        for o in [model.operation_model(name)]
    }


def call(service, url, key, secret):
    client = boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret)
    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    results = {}
    for name, both in json.load(sys.stdin).items():
        answer = getattr(client, methods[name])(**both["asked"])
        answer.pop("ResponseMetadata")
        results[name] = answer
    return results


made = examples(sys.argv[2], sys.argv[3:]) if sys.argv[1] == "examples" else call(*sys.argv[2:])
print(json.dumps(made, default=lambda time: time.timestamp()))
